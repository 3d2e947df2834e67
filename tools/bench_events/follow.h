// The bench's followers: many clients of one stream of events, in one thread.
#ifndef TOOLS_BENCH_EVENTS_FOLLOW_H
#define TOOLS_BENCH_EVENTS_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct followers {
    int epoll;
    size_t n_clients;
    struct follower *clients;
    uint32_t *late_us; // of every event at every client, from publishing to the end of its data
    size_t n_late, max_late;
    size_t out_of_order; // events that did not follow the one before
} followers;

// Connects them all to 127.0.0.1:port; false (with a line on stderr) if that fails.
bool followers_open(followers *f, int port, size_t n_clients, size_t max_events);
// Reads until `n_events` have come to every client; false after `timeout_s`.
bool followers_read(followers *f, size_t n_events, double timeout_s);
void followers_close(followers *f);
// Of the lateness sorted: share 0.5 is the median, in ms.
double followers_late_ms(followers *f, double share);

#endif
