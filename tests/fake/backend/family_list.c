#include "family/family.h"

#include "common/backend.h"
#include "common/text.h"
#include "fake.h"

#include <string.h>

/* A family of this system's own: a new one touches its own file and the list. Its address is one
 * byte, written "plain:B". */
enum { PLAIN_LENGTH = offsetof(struct sockaddr, sa_data) + 1 };

static int parse_plain(ps_addr *a, const char *text)
{
    if (strlen(text) != 1)
        return PS_BAD_ADDRESS;
    ps__addr_clear(a, FAKE_FAMILY, PLAIN_LENGTH);
    a->sa.sa_data[0] = *text;
    return 0;
}

static int format_plain(const ps_addr *a, char *text, size_t size)
{
    const char whole[] = {'p', 'l', 'a', 'i', 'n', ':', a->sa.sa_data[0], '\0'};

    return ps__text_copy(text, size, whole, strlen(whole));
}

static const ps__family plain = {
    .family = FAKE_FAMILY,
    .prefix = "plain:",
    .length_min = PLAIN_LENGTH,
    .length_max = PLAIN_LENGTH,
    .parse = parse_plain,
    .format = format_plain,
};

const ps__family *const *ps__families(void)
{
    static const ps__family *const families[] = {
#define FAMILY(name) &ps__family_##name,
#include "family/families.def"
        &plain,
        NULL,
    };

    return families;
}
