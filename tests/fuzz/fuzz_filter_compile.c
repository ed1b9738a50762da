/*
 * Fuzzes filter expressions: the first byte is the link type, the rest the expression. What is
 * compiled is a right program, the same each time; what is refused tells a place in the text.
 */
#include "fuzz.h"

#include <portsock-capture.h>

#include <string.h>

static const int links[] = {PS_LINK_ETHERNET, PS_LINK_RAW,  PS_LINK_COOKED, PS_LINK_COOKED2,
                            PS_LINK_NULL,     PS_LINK_LOOP, PS_LINK_IPV4,   PS_LINK_IPV6};

/* Programs may read anywhere; none may read behind the packet, which is as long as the text. */
static void run(const ps_filter_instruction *program, size_t count, const uint8_t *data,
                size_t size)
{
    uint32_t kept = ps_filter_run(program, count, data, size, size);

    fuzz_check(kept == 0 || kept == PS_SNAP_LENGTH_MAX);
}

static void compile(const char *text, int link_type, const uint8_t *data, size_t size)
{
    static ps_filter_instruction program[PS_FILTER_MAX], again[PS_FILTER_MAX];
    size_t count = PS_FILTER_MAX, count_again = PS_FILTER_MAX, offset = 0;
    int code = ps_filter_compile(text, link_type, program, &count, &offset);

    fuzz_check(offset <= strlen(text));
    if (code != 0) {
        fuzz_check((code == PS_BAD_FILTER || code == PS_BAD_LENGTH) && count == 0);
        return;
    }
    fuzz_check(ps_filter_check(program, count) == 0);
    fuzz_check(ps_filter_compile(text, link_type, again, &count_again, NULL) == 0 &&
               count_again == count);
    fuzz_check(memcmp(program, again, count * sizeof *program) == 0);
    count_again = count;
    fuzz_check(ps_filter_compile(text, link_type, again, &count_again, NULL) == 0);
    count_again = count - 1;
    fuzz_check(ps_filter_compile(text, link_type, again, &count_again, NULL) == PS_BAD_LENGTH);
    run(program, count, data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text;

    if (size == 0)
        return 0;
    text = malloc(size);
    if (text == NULL)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    compile(text, links[data[0] % (sizeof links / sizeof links[0])], data, size);
    free(text);
    return 0;
}
