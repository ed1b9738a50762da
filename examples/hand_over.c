/*
 * Hands a connection over to a child process, which serves it. On POSIX the child inherits the
 * descriptor; on Windows it receives a description of the socket, made by ps_share.
 *
 *   $ hand_over 127.0.0.1:0
 *   Listening on 127.0.0.1:PORT
 *   The child has served 127.0.0.1:...
 *   The child has ended with status 0
 *
 *   $ echo_client 127.0.0.1 PORT "Hello, child"
 *   Received 'Hello, child'
 */
#include "example.h"

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#include <process.h>

/* The child is this program again, which reads the description from its standard input. */
static int serve_in_child(const char *program, ps_sock *connection)
{
    unsigned char description[PS_SHARE_SIZE];
    wchar_t path[UTF8_PATH_MAX];
    size_t size = sizeof description;
    int pipe[2], status = 1;
    intptr_t child;

    if (!utf8_wide(path, UTF8_PATH_MAX, program) ||
        _pipe(pipe, PS_SHARE_SIZE, _O_BINARY | _O_NOINHERIT) != 0 || _dup2(pipe[0], 0) != 0)
        return -1;
    child = _wspawnl(_P_NOWAIT, path, L"hand_over", L"child", NULL);
    if (child == -1)
        return -1;
    check("share", ps_share(connection, GetProcessId((HANDLE)child), description, &size));
    if (_write(pipe[1], description, (unsigned)size) != (int)size || _close(pipe[1]) != 0)
        return -1;
    return _cwait(&status, child, 0) == -1 ? -1 : status; /* the socket stays open until then */
}

static void take_over(ps_sock *s, char **argv)
{
    unsigned char description[PS_SHARE_SIZE];
    size_t size;

    (void)argv;
    _setmode(0, _O_BINARY);
    size = fread(description, 1, sizeof description, stdin);
    check("fromshare", ps_fromshare(s, description, size));
}
#else
#include <sys/wait.h>
#include <unistd.h>

/* The child is this program again, with the number of the descriptor that it inherits. */
static int serve_in_child(const char *program, ps_sock *connection)
{
    char number[16];
    int status;
    pid_t child;

    check("set_inheritable", ps_set_inheritable(connection, true));
    snprintf(number, sizeof number, "%d", ps_fileno(connection));
    child = fork();
    if (child == 0) {
        execlp(program, program, "child", number, (char *)NULL);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void take_over(ps_sock *s, char **argv)
{
    check("adopt", ps_adopt(s, atoi(argv[2])));
}
#endif

static void serve(ps_sock *s)
{
    char data[1024], text[PS_ADDR_TEXT_MAX];
    ps_addr peer;
    ptrdiff_t n;

    check("getpeername", ps_getpeername(s, &peer));
    check("address", ps_addr_format(&peer, text, sizeof text));
    while ((n = check("recv", ps_recv(s, data, sizeof data, 0))) > 0)
        check("sendall", ps_sendall(s, data, (size_t)n, 0, NULL));
    printf("The child has served %s\n", text);
}

int main(int argc, char **argv)
{
    ps_sock listener, connection;
    ps_addr address;
    int status;

    utf8_arguments(&argc, &argv);
    if (argc > 1 && strcmp(argv[1], "child") == 0) {
        take_over(&connection, argv);
        serve(&connection);
        ps_close(&connection);
        return 0;
    }
    check("address", ps_addr_parse(&address, AF_UNSPEC, argc > 1 ? argv[1] : "127.0.0.1:50007"));
    check("create_server", ps_create_server(&listener, &address, -1, false, false));
    print_listening(&listener);
    check("accept", ps_accept(&listener, &connection, NULL));
    status = serve_in_child(argv[0], &connection);
    if (status < 0)
        perror("The child could not be run");
    ps_close(&connection);
    ps_close(&listener);
    printf("The child has ended with status %d\n", status);
    return status == 0 ? 0 : 1;
}
