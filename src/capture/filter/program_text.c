#include "config.h"

#include "portsock-capture/filter.h"
#include "portsock/error.h"

/* ---- pieces of text -------------------------------------------------------------------------- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r' || c == ',' || c == ';';
}

static const char *skip_spaces(const char *text)
{
    while (is_space(*text))
        text++;
    return text;
}

static const char *skip_blank(const char *text)
{
    while (is_space(*text) || is_line_end(*text))
        text++;
    return text;
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

/* Reads a number up to `maximum`, decimal or, after 0x, hexadecimal. Returns what is behind it;
 * NULL: there is none. */
static const char *read_number(const char *text, uint32_t maximum, uint32_t *number)
{
    uint64_t value = 0;
    int base = 10;

    text = skip_spaces(text);
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
    }
    if (digit_value(*text) >= base)
        return NULL;
    for (; digit_value(*text) < base; text++) {
        value = value * (unsigned)base + (unsigned)digit_value(*text);
        if (value > maximum)
            return NULL;
    }
    *number = (uint32_t)value;
    return text;
}

/* A comma between numbers of the C form, nothing in the decimal one. */
static const char *read_separator(const char *text, bool comma)
{
    if (!comma)
        return is_space(*text) ? text : NULL;
    text = skip_spaces(text);
    return *text == ',' ? text + 1 : NULL;
}

/* ---- instructions ---------------------------------------------------------------------------- */

/* Reads the four numbers of an instruction. */
static const char *read_fields(const char *text, bool commas, ps_filter_instruction *instruction)
{
    static const uint32_t maxima[] = {UINT16_MAX, UINT8_MAX, UINT8_MAX, UINT32_MAX};
    uint32_t fields[4];
    int i;

    for (i = 0; i < 4; i++) {
        if (i > 0)
            text = read_separator(text, commas);
        if (text)
            text = read_number(text, maxima[i], &fields[i]);
        if (!text)
            return NULL;
    }
    instruction->code = (uint16_t)fields[0];
    instruction->jump_true = (uint8_t)fields[1];
    instruction->jump_false = (uint8_t)fields[2];
    instruction->operand = fields[3];
    return skip_spaces(text);
}

/* "{ 0x28, 0, 0, 0x0000000c }" */
static const char *read_braced(const char *text, ps_filter_instruction *instruction)
{
    text = *text == '{' ? read_fields(text + 1, true, instruction) : NULL;
    return text && *text == '}' ? skip_spaces(text + 1) : NULL;
}

/* "40 0 0 12" and the end of its line. */
static const char *read_line(const char *text, ps_filter_instruction *instruction)
{
    text = read_fields(text, false, instruction);
    return text && (*text == '\0' || is_line_end(*text)) ? text : NULL;
}

static int read_program(const char *text, bool braced, ps_filter_instruction *program,
                        size_t capacity, size_t *count)
{
    ps_filter_instruction instruction;

    for (*count = 0; *text; text = skip_blank(text)) {
        text = braced ? read_braced(text, &instruction) : read_line(text, &instruction);
        if (!text || *count == PS_FILTER_MAX)
            return PS_BAD_FILTER;
        if (*count == capacity)
            return PS_BAD_LENGTH;
        program[(*count)++] = instruction;
    }
    return 0;
}

/* The decimal form begins with the number of instructions. */
static int read_decimal(const char *text, ps_filter_instruction *program, size_t capacity,
                        size_t *count)
{
    uint32_t announced;
    int code;

    text = read_number(text, PS_FILTER_MAX, &announced);
    if (!text || !is_line_end(*skip_spaces(text)))
        return PS_BAD_FILTER;
    if (announced > capacity)
        return PS_BAD_LENGTH;
    code = read_program(skip_blank(text), false, program, capacity, count);
    return code == 0 && *count != announced ? PS_BAD_FILTER : code;
}

int ps_filter_parse(const char *text, ps_filter_instruction *program, size_t *count)
{
    size_t capacity, found = 0;
    int code;

    if (!count)
        return PS_EFAULT;
    capacity = *count;
    *count = 0;
    if (!text || !program)
        return PS_EFAULT;
    text = skip_blank(text);
    code = *text == '{' ? read_program(text, true, program, capacity, &found)
                        : read_decimal(text, program, capacity, &found);
    if (code == 0)
        code = ps_filter_check(program, found);
    if (code == 0)
        *count = found;
    return code;
}
