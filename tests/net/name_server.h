/* A name server at 127.0.0.1:53, in a thread of the test: it answers some names, late if so
 * wished, or none at all. */
#ifndef TESTS_NET_NAME_SERVER_H
#define TESTS_NET_NAME_SERVER_H

enum { ZONE_ADDRESSES = 4 };

/* A name, without the ".test" at its end, and its addresses; each list ends with NULL. */
typedef struct zone {
    const char *name;
    const char *inet[ZONE_ADDRESSES];
    const char *inet6[ZONE_ADDRESSES];
    double delay; /* seconds until the answer */
    int silent;   /* the family about which it says nothing, or 0 */
} zone;

typedef struct name_server name_server;

/* Starts the one server. `zones` ends with a name of NULL; other names do not exist. NULL: it is
 * silent. */
name_server *name_server_start(const zone *zones);

/* Makes a silent server answer. */
void name_server_answer(name_server *server, const zone *zones);

/* Makes it silent at the end of a test, which each must do. Its socket stays: what is still
 * asked goes on waiting. */
void name_server_stop(name_server *server);

/* How many questions have come, and how many were answered. */
int name_server_questions(const name_server *server);
int name_server_answers(const name_server *server);

#endif
