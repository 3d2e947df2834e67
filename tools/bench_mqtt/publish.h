// The bench's publisher, a process of its own.
#ifndef TOOLS_BENCH_MQTT_PUBLISH_H
#define TOOLS_BENCH_MQTT_PUBLISH_H

enum { BENCH_DEVICES = 2000 };

#define BENCH_TWIN     "bench" // name in topics
#define BENCH_START_US 1784577600000000

// Publishes `messages` messages of `rows` observations each with QoS 1, the devices in turn, as
// fast as the broker acknowledges them. Exit code.
int publish_all(int port, long messages, long rows, long round);

#endif
