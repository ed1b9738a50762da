#ifndef TESTS_WIN32_MANY_LISTENERS_H
#define TESTS_WIN32_MANY_LISTENERS_H

/* From now on the list of the machine's listeners of IPv4 has so many more at 192.0.2.1, port 1;
 * and if `port` is not 0, behind them one at the wildcard and that port. */
void add_listeners(int count, int port);

#endif
