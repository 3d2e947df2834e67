// How far a long command is, on stderr: a bar on a terminal, a line for each tenth elsewhere.
#ifndef CT_CLI_PROGRESS_H
#define CT_CLI_PROGRESS_H

#include <stdbool.h>

typedef struct ct_bar {
    bool terminal;
    int last_percent; // that was shown; -1 = nothing yet
} ct_bar;

ct_bar ct_bar_begin(void);
void ct_bar_show(ct_bar *bar, double share, const char *message); // share: 0..1
void ct_bar_end(const ct_bar *bar);                               // ends the line of a bar

#endif
