#include "name_server.h"

#include "test.h"

#include <stdatomic.h>

/* RFC 1035: a message is a header of 12 bytes and the question, and in an answer the records. */
enum {
    HEADER = 12,
    MESSAGE_MAX = 512,
    NAME_MAX_LENGTH = 253,
    TYPE_A = 1,
    TYPE_AAAA = 28,
    NO_SUCH_NAME = 3,
    PENDING_MAX = 64
};

typedef struct message {
    unsigned char bytes[MESSAGE_MAX];
    size_t size;
    ps_addr from;
    double due; /* when to send it */
} message;

struct name_server {
    ps_sock sock;
    _Atomic(const zone *) zones;
    atomic_int questions;
    atomic_int answers;
    atomic_bool stopped;
    test_thread *thread;
    message pending[PENDING_MAX];
    size_t count;
};

/* The question's name as text, at most NAME_MAX_LENGTH; the result is where it ends in the
 * message, 0 for a bad one. */
static size_t read_name(const message *m, char name[NAME_MAX_LENGTH + 1])
{
    size_t at = HEADER, length = 0;

    while (at < m->size && m->bytes[at] != 0) {
        size_t label = m->bytes[at++];

        if (label > 63 || at + label >= m->size || length + label + 1 > NAME_MAX_LENGTH)
            return 0;
        if (length > 0)
            name[length++] = '.';
        memcpy(name + length, m->bytes + at, label);
        length += label;
        at += label;
    }
    name[length] = '\0';
    return at + 5 <= m->size ? at + 1 : 0;
}

static const zone *find_zone(const zone *zones, const char *name)
{
    size_t length = strlen(name);

    if (length < 5 || strcmp(name + length - 5, ".test") != 0)
        return NULL;
    for (; zones->name; zones++) {
        if (strlen(zones->name) == length - 5 && strncmp(zones->name, name, length - 5) == 0)
            return zones;
    }
    return NULL;
}

/* What runs in the server's thread asserts nothing: Check is not told of failures by two threads.
 * One record: the name of the question, its type and class, no time to live, and the address. */
static void add_record(message *m, int type, const char *text)
{
    size_t size = type == TYPE_A ? 4 : 16;
    unsigned char record[12] = {0xc0, HEADER, 0, (unsigned char)type, 0, 1, 0, 0,
                                0,    0,      0, (unsigned char)size};

    if (m->size + sizeof record + size > MESSAGE_MAX)
        return;
    memcpy(m->bytes + m->size, record, sizeof record);
    m->size += sizeof record;
    (void)ps_inet_pton(type == TYPE_A ? AF_INET : AF_INET6, text, m->bytes + m->size);
    m->size += size;
    m->bytes[7]++;
}

/* Turns a question into its answer. */
static void answer(message *m, const zone *z, size_t question_end, int type)
{
    const char *const *addresses = type == TYPE_A ? z->inet : z->inet6;
    int i;

    m->bytes[2] = 0x85; /* an answer, by the authority */
    m->bytes[3] = 0x80;
    memset(m->bytes + 6, 0, 6);
    m->size = question_end;
    for (i = 0; (type == TYPE_A || type == TYPE_AAAA) && i < ZONE_ADDRESSES && addresses[i]; i++)
        add_record(m, type, addresses[i]);
    m->due = test_clock() + z->delay;
}

static void deny(message *m, size_t question_end)
{
    m->bytes[2] = 0x85;
    m->bytes[3] = 0x80 | NO_SUCH_NAME;
    memset(m->bytes + 6, 0, 6);
    m->size = question_end;
    m->due = 0;
}

static void take_question(name_server *server, message *m)
{
    const zone *zones = atomic_load(&server->zones);
    char name[NAME_MAX_LENGTH + 1];
    size_t end = read_name(m, name);
    const zone *z;
    int type;

    atomic_fetch_add(&server->questions, 1);
    if (!zones || end == 0 || server->count == PENDING_MAX)
        return;
    z = find_zone(zones, name);
    type = m->bytes[end] << 8 | m->bytes[end + 1];
    if (z && z->silent == (type == TYPE_A ? AF_INET : AF_INET6))
        return;
    if (z)
        answer(m, z, end + 4, type);
    else
        deny(m, end + 4);
    server->pending[server->count++] = *m;
}

static void send_due(name_server *server)
{
    size_t kept = 0, i;

    for (i = 0; i < server->count; i++) {
        const message *m = &server->pending[i];

        if (m->due > test_clock()) {
            server->pending[kept++] = *m;
            continue;
        }
        (void)ps_sendto(&server->sock, m->bytes, m->size, 0, &m->from);
        atomic_fetch_add(&server->answers, 1);
    }
    server->count = kept;
}

static void serve(void *argument)
{
    name_server *server = argument;

    while (!atomic_load(&server->stopped)) {
        message m;
        ptrdiff_t size = ps_recvfrom(&server->sock, m.bytes, sizeof m.bytes, 0, &m.from);

        if (size > HEADER) {
            m.size = (size_t)size;
            take_question(server, &m);
        }
        send_due(server);
    }
}

name_server *name_server_start(const zone *zones)
{
    static name_server server;
    ps_addr a;

    atomic_store(&server.zones, zones);
    ck_assert_ok(ps_addr_inet(&a, "127.0.0.1", 53));
    ck_assert_ok(ps_socket(&server.sock, AF_INET, SOCK_DGRAM, 0));
    ck_assert_ok(ps_bind(&server.sock, &a));
    ck_assert_ok(ps_settimeout(&server.sock, 0.02));
    server.thread = test_thread_start(serve, &server);
    return &server;
}

void name_server_answer(name_server *server, const zone *zones)
{
    atomic_store(&server->zones, zones);
}

int name_server_questions(const name_server *server)
{
    return atomic_load(&server->questions);
}

int name_server_answers(const name_server *server)
{
    return atomic_load(&server->answers);
}

void name_server_stop(name_server *server)
{
    atomic_store(&server->stopped, true);
    test_thread_join(server->thread);
}
