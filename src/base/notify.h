// Words to the service manager that started the program (systemd's protocol: a datagram to the
// socket that NOTIFY_SOCKET names). Without one nothing is sent.
#ifndef CT_BASE_NOTIFY_H
#define CT_BASE_NOTIFY_H

#include <stdint.h>

// "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=text"; several with line ends between them. What
// cannot be sent is lost: nobody's work depends on it.
void ct_notify(const char *words);
// How often the manager wants to hear WATCHDOG=1 of this process, at least; 0 = it does not.
int64_t ct_notify_watchdog_us(void);

#endif
