#ifndef TESTS_WIN32_FULL_BACKLOG_H
#define TESTS_WIN32_FULL_BACKLOG_H

/* From now on so many connections of another program are in the queue of each socket that has just
 * begun to listen, until 0 is set. */
void let_strangers_connect(int count);

/* How many have been there. */
long strangers_connected(void);

#endif
