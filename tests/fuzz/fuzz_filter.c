/*
 * Fuzzes packet filters: the input is a program's text, or a program and a packet as they are in
 * memory. Nothing that is read, checked or run goes out of its bounds, a checked program runs to
 * a return, and what is cut keeps no more.
 */
#include "fuzz.h"

#include <portsock-capture.h>

#include <string.h>

/* Memory of just that length, so that a sanitizer sees each read behind it. */
static void *copy_of(const uint8_t *data, size_t size)
{
    void *copy = malloc(size > 0 ? size : 1);

    if (!copy)
        abort();
    memcpy(copy, data, size);
    return copy;
}

static void run(const ps_filter_instruction *program, size_t count, const uint8_t *data,
                size_t size)
{
    void *packet = copy_of(data, size);
    uint32_t once = ps_filter_run(program, count, packet, size, size);

    if (once != ps_filter_run(program, count, packet, size, size))
        abort();
    free(packet);
}

static void fuzz_text(const uint8_t *data, size_t size)
{
    static ps_filter_instruction program[PS_FILTER_MAX];
    size_t count = PS_FILTER_MAX;
    char *text = malloc(size + 1);

    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    if (ps_filter_parse(text, program, &count) == 0) {
        if (ps_filter_check(program, count) != 0)
            abort();
        run(program, count, data, size);
    } else if (count != 0) {
        abort();
    }
    free(text);
}

/* The first byte tells how many instructions there are; the packet is what is behind them. */
static void fuzz_program(const uint8_t *data, size_t size)
{
    size_t count = data[0], room = (size - 1) / sizeof(ps_filter_instruction);
    ps_filter_instruction *program;

    if (count > room)
        count = room;
    program = copy_of(data + 1, count * sizeof *program);
    (void)ps_filter_check(program, count);
    run(program, count, data + 1 + count * sizeof *program, size - 1 - count * sizeof *program);
    free(program);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    fuzz_text(data, size);
    fuzz_program(data, size);
    return 0;
}
