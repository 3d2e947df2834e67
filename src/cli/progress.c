// The bar of long commands.
#include "cli/progress.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

ct_bar ct_bar_begin(void) {
    return (ct_bar){isatty(STDERR_FILENO) == 1, -1};
}

void ct_bar_show(ct_bar *bar, double share, const char *message) {
    const int percent = (int)floor(share * 100), width = 40, full = (int)(share * width);
    if (percent == bar->last_percent) return;
    const bool next_tenth = percent / 10 > bar->last_percent / 10;
    bar->last_percent = percent;
    if (!bar->terminal) {
        if (next_tenth) fprintf(stderr, "%3d%% %s\n", percent, message);
        return;
    }
    fprintf(stderr, "\r[");
    for (int i = 0; i < width; i++) fputc(i < full ? '#' : '.', stderr);
    fprintf(stderr, "] %3d%% %-12s", percent, message);
}

void ct_bar_end(const ct_bar *bar) {
    if (bar->terminal && bar->last_percent >= 0) fprintf(stderr, "\n");
}
