/* What is given back when a DLL that has the library in it is unloaded. */
#ifndef PS_UNLOAD_H
#define PS_UNLOAD_H

/* Calls `release` when this code is unmapped while the process goes on. In a program's own code it
 * is not called: the process's end releases everything, and threads may wait until then. */
void ps__at_unload(void (*release)(void));

#endif
