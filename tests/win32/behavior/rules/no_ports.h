#ifndef TESTS_WIN32_NO_PORTS_H
#define TESTS_WIN32_NO_PORTS_H

/* From now on there is no port for a socket that has none: each call that would give it one fails
 * with that error. 0: there are ports again. */
void take_all_ports(int error);

#endif
