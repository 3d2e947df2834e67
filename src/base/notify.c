// The service manager's socket: a path, or with @ a name of the abstract kind.
#include "base/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void ct_notify(const char *words) {
    const char *name = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    const size_t n = name ? strlen(name) : 0;
    if (n < 2 || n >= sizeof to.sun_path || (*name != '/' && *name != '@')) return;
    memcpy(to.sun_path, name, n);
    if (*name == '@') to.sun_path[0] = 0;
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return;
    const socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
    const ssize_t sent = sendto(fd, words, strlen(words), MSG_NOSIGNAL | MSG_DONTWAIT,
                                (const struct sockaddr *)&to, length);
    (void)sent;
    close(fd);
}

int64_t ct_notify_watchdog_us(void) {
    const char *pid = getenv("WATCHDOG_PID"), *every = getenv("WATCHDOG_USEC");
    if (!every || !getenv("NOTIFY_SOCKET")) return 0;
    if (pid && strtoll(pid, NULL, 10) != (long long)getpid()) return 0; // meant for another
    const long long us = strtoll(every, NULL, 10);
    return us > 0 ? us : 0;
}
