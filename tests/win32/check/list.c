/* The list of tests that the build made: a line for each group, "PROGRAM SECONDS FILE.TEST...", and
 * lines about the build, "# TEXT". */
#include "windows_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void give_up(const char *why)
{
    printf("The list of tests %s. Extract the whole zip, and start check.cmd there.\n", why);
    exit(2);
}

static void *grow(void *array, size_t count, size_t size)
{
    void *larger = realloc(array, (count + 1) * size);
    if (!larger)
        give_up("does not fit into memory");
    return larger;
}

static char *read_file(const wchar_t *path)
{
    FILE *file = _wfopen(path, L"rb");
    if (!file)
        give_up("is missing");
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = grow(NULL, (size_t)size, 1);
    size_t length = fread(text, 1, (size_t)size, file);
    fclose(file);
    text[length] = '\0';
    return text;
}

static bool is_wanted(const char *test, char *const *prefixes, size_t prefix_count)
{
    for (size_t i = 0; i < prefix_count; i++)
        if (strncmp(test, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return prefix_count == 0;
}

/* `line` is what strtok works on. */
static group read_group(char *line, char *const *prefixes, size_t prefix_count)
{
    group g = {.program = strtok(line, " ")};
    const char *seconds = strtok(NULL, " ");
    if (!g.program || !seconds)
        give_up("is damaged");
    g.seconds = (unsigned)strtoul(seconds, NULL, 10);
    for (const char *test; (test = strtok(NULL, " "));) {
        if (!is_wanted(test, prefixes, prefix_count))
            continue;
        g.tests = grow(g.tests, g.count, sizeof *g.tests);
        g.tests[g.count++] = test;
    }
    return g;
}

static void add_line(test_list *list, char *line, char *const *prefixes, size_t prefix_count)
{
    if (*line == '#') {
        list->facts = grow(list->facts, list->fact_count, sizeof *list->facts);
        list->facts[list->fact_count++] = line + strspn(line, "# ");
        return;
    }
    group g = read_group(line, prefixes, prefix_count);
    if (g.count == 0)
        return;
    list->groups = grow(list->groups, list->group_count, sizeof *list->groups);
    list->groups[list->group_count++] = g;
    list->test_count += g.count;
}

test_list read_list(const wchar_t *path, char *const *prefixes, size_t prefix_count)
{
    test_list list = {.text = read_file(path)};
    for (char *line = list.text; *line;) {
        size_t length = strcspn(line, "\r\n");
        char *next = line + length + strspn(line + length, "\r\n");
        line[length] = '\0';
        add_line(&list, line, prefixes, prefix_count);
        line = next;
    }
    return list;
}
