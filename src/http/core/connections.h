// Inside http/core: who is connected, and who has to go when there are too many or when they are
// too slow. The wire library closes silent connections alone; a client that sends a byte now and
// then, or reads one, would keep its place for ever.
#ifndef CT_HTTP_CORE_CONNECTIONS_H
#define CT_HTTP_CORE_CONNECTIONS_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/core/http.h"

typedef enum ct_http__phase {
    CT_HTTP__WAITING,   // for a request, or for the rest of its head
    CT_HTTP__RECEIVING, // its body
    CT_HTTP__WORKING,   // the handler's time, and streams: not judged
    CT_HTTP__ANSWERING, // the client reads
    CT_HTTP__GOING      // told to go
} ct_http__phase;

enum { CT_HTTP__SHARES = 16 }; // threads told apart; those above are counted with the last one

typedef struct ct_http__conn { // one connection; lives from accept to close
    struct ct_http__conn *next, *previous;
    int fd;
    unsigned thread;  // that accepted it and works for it: a number below CT_HTTP__SHARES
    atomic_bool over; // came when there was no room
    bool late;        // at the keeper's last look
    atomic_int phase;
    atomic_llong since_us; // monotonic, of the phase
    atomic_ullong bytes;   // received of the body, or to be read of the answer
} ct_http__conn;

typedef struct ct_http__conns {
    pthread_mutex_t lock; // of the list; held for every shutdown, so that no number is used again
    pthread_cond_t wake;
    pthread_t keeper;
    bool started, stopping;
    ct_http__conn *first;
    size_t n, n_going, max, slack;
    pthread_t threads[CT_HTTP__SHARES]; // that have accepted connections
    unsigned n_threads;
    int64_t *ages; // max + slack of them, to choose by
    int64_t timeout_us;
    atomic_ullong shed, refused;
    atomic_ullong bodies, answers; // bytes held
} ct_http__conns;

void ct_http__conns_init(ct_http__conns *conns);
void ct_http__conns_fini(ct_http__conns *conns);
// Fits the wanted number of connections to the limit of open files, and starts the keeper, who
// looks for slow clients every second. `*total` gets the number that the wire library may accept.
CT_CHECKED ct_err ct_http__conns_start(ct_http__conns *conns, unsigned *total, size_t wanted,
                                       int timeout_s);
void ct_http__conns_stop(ct_http__conns *conns);

// All of these take a NULL connection (there was no memory for it) and do nothing then.
ct_http__conn *ct_http__conn_of(struct MHD_Connection *connection);
// Above the limit the longest waiting ones are shut.
ct_http__conn *ct_http__conn_open(ct_http__conns *conns, struct MHD_Connection *connection);
// Whether there is room for a request on it: one that came above the limit takes the place of one
// that waits. False: it is to be refused.
bool ct_http__conn_admit(ct_http__conns *conns, ct_http__conn *conn);
void ct_http__conn_close(ct_http__conns *conns, ct_http__conn *conn);
// `since_us`: the monotonic clock, or 0 where the time of the phase before counts too.
void ct_http__conn_turn(ct_http__conn *conn, ct_http__phase phase, int64_t since_us,
                        uint64_t bytes);
void ct_http__conn_turn_bytes(ct_http__conn *conn, uint64_t more); // of the phase it is in
// Puts a problem document on the wire past the library, which cannot answer while a body arrives,
// and ends our side: what still comes is to be read and dropped. `detail` needs no escapes.
void ct_http__conn_say(const ct_http__conn *conn, int status, const char *detail);
// Shuts the clients that have been reading for more than 2 s.
void ct_http__conns_shed_readers(ct_http__conns *conns);

#endif
