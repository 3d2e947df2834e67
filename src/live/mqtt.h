// MQTT in: subscribes to cimtwin/<twin>/obs/# at a broker and hands batches to the live state; a
// message is acknowledged (QoS 1) only after its observation is on disk.
#ifndef CT_LIVE_MQTT_H
#define CT_LIVE_MQTT_H

#include "live/live.h"

typedef struct ct_mqtt ct_mqtt;

typedef struct ct_mqtt_status {
    bool connected;     // and subscribed
    bool held;          // not connected, as observations cannot be stored; comes back with the disk
    int64_t messages;   // that came, those sent again too
    int64_t refused;    // messages that cannot be read and observations that are not taken
    int64_t reconnects; // connections after the first
    char last_error[160]; // stays after it is over
} ct_mqtt_status;

// `url`: mqtt://host[:port]. `twin`: the topic's second level. Starts a thread; connects and
// reconnects by itself (1 s to 30 s waits), with a session that the broker keeps for 7 days (MQTT
// 5, clean start off, client id "cimtwin-<twin>": two servers of one twin's name would push each
// other out). If storing fails, nothing is acknowledged and the broker sends it again later.
// CT_ARG: a wrong address or name.
CT_CHECKED ct_err ct_mqtt_start(ct_mqtt **out, ct_live *live, const char *url, const char *twin);
void ct_mqtt_stop(ct_mqtt *mqtt);
void ct_mqtt_get_status(ct_mqtt_status *out, ct_mqtt *mqtt);

#endif
