#include "config.h"

#include "capture/file/reader.h"

#include "capture/file/pcapng.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 65536 };

/* ---- bytes ----------------------------------------------------------------------------------- */

/* Reads once, to where there is space. Returns the count, 0 at the end, or an error. */
static ptrdiff_t fill(ps_capture_reader *r)
{
    ptrdiff_t count;

    do
        count = ps__sys_file_read(r->file, r->bytes + r->end, r->capacity - r->end);
    while (count == PS_EINTR);
    if (count > 0)
        r->end += (size_t)count;
    return count;
}

/* Makes space behind what is there. The buffer grows only when it is full, so a length alone
 * costs nothing. */
static int make_space(ps_capture_reader *r)
{
    unsigned char *more;

    if (r->begin > 0) {
        memmove(r->bytes, r->bytes + r->begin, r->end - r->begin);
        r->end -= r->begin;
        r->begin = 0;
    }
    if (r->end < r->capacity)
        return 0;
    more = realloc(r->bytes, 2 * r->capacity);
    if (!more)
        return PS_ENOMEM;
    r->bytes = more;
    r->capacity *= 2;
    return 0;
}

int ps__reader_need(ps_capture_reader *r, size_t size)
{
    if (size > PS__RECORD_MAX)
        return PS_BAD_CAPTURE_FILE;
    while (r->end - r->begin < size) {
        ptrdiff_t count = 0;
        int code = r->capacity - r->begin < size || r->end == r->capacity ? make_space(r) : 0;

        if (code == 0)
            count = fill(r);
        if (code != 0 || count < 0)
            return code != 0 ? code : (int)count;
        if (count == 0)
            return r->end == r->begin ? 0 : PS_BAD_CAPTURE_FILE;
    }
    return 1;
}

int ps__reader_skip(ps_capture_reader *r, uint64_t size)
{
    while (size > 0) {
        uint64_t there = r->end - r->begin;
        ptrdiff_t count;

        if (there >= size) {
            r->begin += (size_t)size;
            return 0;
        }
        size -= there;
        r->begin = r->end = 0;
        count = fill(r);
        if (count <= 0)
            return count < 0 ? (int)count : PS_BAD_CAPTURE_FILE;
    }
    return 0;
}

ps__read_interface *ps__reader_add_interface(ps_capture_reader *r)
{
    ps__read_interface *added;

    if (r->interface_count == r->interface_capacity) {
        size_t capacity = r->interface_capacity == 0 ? 4 : 2 * r->interface_capacity;
        ps__read_interface *more = realloc(r->interfaces, capacity * sizeof *more);

        if (!more)
            return NULL;
        r->interfaces = more;
        r->interface_capacity = capacity;
    }
    added = &r->interfaces[r->interface_count++];
    memset(added, 0, sizeof *added);
    added->resolution = 6; /* microseconds */
    return added;
}

/* ---- the public functions -------------------------------------------------------------------- */

static int open_file(ps_capture_reader *r, const char *path)
{
    r->standard = strcmp(path, "-") == 0;
    return r->standard ? ps__sys_file_standard(false, &r->file)
                       : ps__sys_file_open(path, false, &r->file);
}

static int read_head(ps_capture_reader *r)
{
    static const unsigned char section[] = {0x0a, 0x0d, 0x0d, 0x0a};
    int code = ps__reader_need(r, 4);

    if (code <= 0)
        return code == 0 ? PS_BAD_CAPTURE_FILE : code;
    if (memcmp(ps__reader_at(r), section, sizeof section) == 0) {
        r->format = PS_CAPTURE_FILE_PCAPNG;
        return ps__pcapng_read_head(r);
    }
    return ps__pcap_is(r, ps__reader_at(r)) ? ps__pcap_read_head(r) : PS_BAD_CAPTURE_FILE;
}

int ps_capture_reader_open(ps_capture_reader **r, const char *path)
{
    ps_capture_reader *made;
    int code = PS_ENOMEM;

    if (!r)
        return PS_EFAULT;
    *r = NULL;
    if (!path)
        return PS_EFAULT;
    made = calloc(1, sizeof *made);
    if (!made)
        return PS_ENOMEM;
    made->file = PS__NO_FILE;
    made->standard = true;
    made->capacity = FIRST_CAPACITY;
    made->bytes = malloc(made->capacity);
    if (made->bytes)
        code = open_file(made, path);
    if (code == 0)
        code = read_head(made);
    else
        made->file = PS__NO_FILE;
    if (code != 0) {
        ps_capture_reader_close(made);
        return code;
    }
    *r = made;
    return 0;
}

int ps_capture_reader_next(ps_capture_reader *r, ps_packet *packet)
{
    int code;

    if (packet)
        memset(packet, 0, sizeof *packet);
    if (!r || !packet)
        return PS_EFAULT;
    if (r->error != 0 || r->ended)
        return r->error;
    code =
        r->format == PS_CAPTURE_FILE_PCAPNG ? ps__pcapng_next(r, packet) : ps__pcap_next(r, packet);
    if (code < 0)
        r->error = code;
    r->ended = code == 0;
    return code;
}

int ps_capture_reader_getinterface(const ps_capture_reader *r, unsigned interface_index,
                                   ps_capture_file_interface *found)
{
    ps_capture_file_interface known = {0};
    bool there = r && interface_index > 0 && interface_index <= r->interface_count;

    if (!found)
        return PS_EFAULT;
    if (there)
        known = r->interfaces[interface_index - 1].facts;
    *found = known;
    if (!r)
        return PS_EFAULT;
    return there ? 0 : PS_ENODEV;
}

int ps_capture_reader_getformat(const ps_capture_reader *r)
{
    return r ? r->format : PS_EFAULT;
}

int ps_capture_reader_close(ps_capture_reader *r)
{
    if (!r)
        return 0;
    if (!r->standard && r->file != PS__NO_FILE)
        ps__sys_file_close(r->file);
    free(r->interfaces);
    free(r->bytes);
    free(r);
    return 0;
}
