#ifndef TESTS_WIN32_LAYERED_PROVIDER_H
#define TESTS_WIN32_LAYERED_PROVIDER_H

/* How often select was called with a socket of the layer. */
long selects_of_layered_sockets(void);

#endif
