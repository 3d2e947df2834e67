// Whose turn it is.
#include "schedule.h"

#include <stdbool.h>

static bool before(const ds_turn *a, const ds_turn *b) {
    return a->due_us != b->due_us ? a->due_us < b->due_us : a->device < b->device;
}

void ds_schedule_move_first(ds_turn *heap, size_t n, int64_t due_us) {
    const ds_turn moved = {due_us, heap[0].device};
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && before(&heap[child + 1], &heap[child])) child++;
        if (!before(&heap[child], &moved)) break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}
