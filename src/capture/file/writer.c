#include "config.h"

#include "capture/file/writer.h"

#include <stdlib.h>
#include <string.h>

/* ---- bytes ----------------------------------------------------------------------------------- */

/* Writes it all. `done` becomes how much was taken, on failure, too. */
static int write_all(ps_capture_writer *w, const unsigned char *data, size_t size, size_t *done)
{
    *done = 0;
    while (*done < size) {
        size_t left = size - *done;
        size_t most = left < PS__FILE_TRANSFER_MAX ? left : PS__FILE_TRANSFER_MAX;
        ptrdiff_t count = ps__sys_file_write(w->file, data + *done, most);

        if (count == PS_EINTR)
            continue;
        if (count < 0)
            return (int)count;
        if (count == 0)
            return PS_EIO;
        *done += (size_t)count;
    }
    return 0;
}

/* How long a record of ours is, by its head. */
static size_t record_length(const ps_capture_writer *w, const unsigned char *record)
{
    uint32_t length;

    memcpy(&length, record + (w->format == PS_CAPTURE_FILE_PCAPNG ? 4 : 8), sizeof length);
    return w->format == PS_CAPTURE_FILE_PCAPNG ? length : 16 + (size_t)length;
}

/* The file ends in a part of a record: takes it off, if that can be. The error stays. */
static int give_up(ps_capture_writer *w, int code)
{
    if (!w->standard)
        ps__sys_file_shorten(w->file, w->whole);
    w->used = 0;
    w->error = code;
    return code;
}

int ps__writer_flush(ps_capture_writer *w)
{
    size_t done, whole;
    int code;

    if (w->error != 0)
        return w->error;
    code = write_all(w, w->buffer, w->used, &done);
    if (code == 0) {
        w->whole += w->used;
        w->used = 0;
        return 0;
    }
    if (w->whole == 0) /* the head of the file */
        return give_up(w, code);
    for (whole = 0; whole + 16 <= done && whole + record_length(w, w->buffer + whole) <= done;)
        whole += record_length(w, w->buffer + whole);
    w->whole += whole;
    return give_up(w, code);
}

/* A record longer than the buffer, which is empty. */
static int write_long(ps_capture_writer *w, const ps__piece *pieces, size_t count, size_t size)
{
    size_t i, done;

    for (i = 0; i < count; i++) {
        int code = write_all(w, pieces[i].data, pieces[i].size, &done);

        if (code != 0)
            return give_up(w, code);
    }
    w->whole += size;
    return 0;
}

int ps__writer_record(ps_capture_writer *w, const ps__piece *pieces, size_t count)
{
    size_t size = 0;
    size_t i;
    int code = w->error;

    for (i = 0; i < count; i++)
        size += pieces[i].size;
    if (code == 0 && size > sizeof w->buffer - w->used)
        code = ps__writer_flush(w);
    if (code != 0)
        return code;
    if (size > sizeof w->buffer)
        return write_long(w, pieces, count, size);
    for (i = 0; i < count; i++) {
        if (pieces[i].size > 0)
            memcpy(w->buffer + w->used, pieces[i].data, pieces[i].size);
        w->used += pieces[i].size;
    }
    return 0;
}

/* ---- the public functions -------------------------------------------------------------------- */

static bool known_format(int format)
{
    return format == PS_CAPTURE_FILE_PCAP || format == PS_CAPTURE_FILE_PCAPNG ||
           format == PS_CAPTURE_FILE_PCAP_MICROSECONDS;
}

static bool known_link_type(int link_type)
{
    return link_type >= 0 && link_type <= UINT16_MAX;
}

static int open_file(ps_capture_writer *w, const char *path)
{
    w->standard = strcmp(path, "-") == 0;
    return w->standard ? ps__sys_file_standard(true, &w->file)
                       : ps__sys_file_open(path, true, &w->file);
}

static int close_file(ps_capture_writer *w)
{
    return w->standard ? 0 : ps__sys_file_close(w->file);
}

int ps_capture_writer_open(ps_capture_writer **w, const char *path, int format, int link_type,
                           size_t snap_length)
{
    ps_capture_writer *made;
    int code;

    if (!w)
        return PS_EFAULT;
    *w = NULL;
    if (!path)
        return PS_EFAULT;
    if (!known_format(format) || !known_link_type(link_type))
        return PS_EINVAL;
    if (snap_length > PS_SNAP_LENGTH_MAX)
        return PS_BAD_LENGTH;
    made = calloc(1, sizeof *made);
    if (!made)
        return PS_ENOMEM;
    made->format = format;
    made->link_type = link_type;
    made->snap_length = snap_length != 0 ? snap_length : PS_SNAP_LENGTH_MAX;
    code = open_file(made, path);
    if (code == 0) {
        code = format == PS_CAPTURE_FILE_PCAPNG ? ps__pcapng_head(made) : ps__pcap_head(made);
        if (code != 0)
            close_file(made);
    }
    if (code != 0) {
        free(made);
        return code;
    }
    *w = made;
    return 0;
}

int ps_capture_writer_setinterface(ps_capture_writer *w, int link_type, unsigned interface_index,
                                   const char *name)
{
    if (!w || !name)
        return PS_EFAULT;
    if (!known_link_type(link_type))
        return PS_EINVAL;
    if (w->error != 0 || w->format != PS_CAPTURE_FILE_PCAPNG)
        return w->error;
    return ps__pcapng_declare(w, link_type, interface_index, name);
}

int ps_capture_writer_packet(ps_capture_writer *w, const ps_packet *packet)
{
    bool pcapng;
    size_t length;

    if (!w || !packet || (!packet->data && packet->length > 0))
        return PS_EFAULT;
    pcapng = w->format == PS_CAPTURE_FILE_PCAPNG;
    if (!known_link_type(packet->link_type) || (!pcapng && packet->link_type != w->link_type))
        return PS_EINVAL;
    if (packet->time_ns < 0)
        return PS_EOVERFLOW;
    length = packet->length < w->snap_length ? packet->length : w->snap_length;
    return pcapng ? ps__pcapng_packet(w, packet, length) : ps__pcap_packet(w, packet, length);
}

int ps_capture_writer_statistics(ps_capture_writer *w, const ps_capture_statistics *statistics)
{
    if (!w || !statistics)
        return PS_EFAULT;
    return w->format == PS_CAPTURE_FILE_PCAPNG ? ps__pcapng_statistics(w, statistics) : w->error;
}

int ps_capture_writer_flush(ps_capture_writer *w)
{
    return w ? ps__writer_flush(w) : PS_EFAULT;
}

int ps_capture_writer_close(ps_capture_writer *w)
{
    int code, closed;

    if (!w)
        return 0;
    code = w->format == PS_CAPTURE_FILE_PCAPNG ? ps__pcapng_any_interface(w) : 0;
    if (code == 0)
        code = ps__writer_flush(w);
    closed = close_file(w);
    free(w->interfaces);
    free(w);
    return code != 0 ? code : closed;
}
