/* What keeps packets from a capture, over the rule firewall_policy. */
#include "layer.h"
#include "test.h"

#include <portsock-capture.h>

#include <string.h>

/* Wine's registry has no firewall. */
START_TEST(firewall_of_a_policy)
{
    bool expected = active_profile()->condition == FIREWALL_POLICY;
    char text[PS_PREFLIGHT_TEXT_MAX];

    ck_assert_ok(ps_capture_preflight(NULL, false, text, sizeof text, NULL));
    ck_assert_msg((strstr(text, "The firewall is on") != NULL) == expected, "%s", text);
}
END_TEST

void add_firewall_tests(Suite *suite);

void add_firewall_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, firewall_of_a_policy);
}
