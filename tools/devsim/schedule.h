// Whose turn it is: a heap of devices by when each speaks next.
#ifndef TOOLS_DEVSIM_SCHEDULE_H
#define TOOLS_DEVSIM_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

typedef struct ds_turn {
    int64_t due_us;
    size_t device;
} ds_turn;

// The heap is the caller's array; the earliest turn is the first, of equal ones the lower device.
// Changes the first turn's time and puts it where it belongs.
void ds_schedule_move_first(ds_turn *heap, size_t n, int64_t due_us);

#endif
