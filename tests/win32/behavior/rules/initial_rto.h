/* What tests ask the rule of SIO_TCP_INITIAL_RTO. */
#ifndef TESTS_WIN32_INITIAL_RTO_H
#define TESTS_WIN32_INITIAL_RTO_H

/* How often the control had a value that this version does not know. */
long rto_values_unknown(void);

/* How many connects of streams to this machine would repeat their SYN after a refusal, and how many
 * would not. */
long connects_that_repeat(void);
long connects_that_do_not(void);

#endif
