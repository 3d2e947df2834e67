// Lines of the file, for findings: counted when the first one is asked for.
#include <stdio.h>

#include "base/mem.h"
#include "ingest/ifc/step/private.h"

static size_t count_newlines(const char *at, const char *end) {
    size_t n = 0;
    for (; at < end; at++) n += *at == '\n';
    return n;
}

static size_t *count_blocks(const ct_step *step) {
    const size_t n = (size_t)(step->end - step->bytes) / CT_STEP__LINE_BLOCK + 1;
    size_t *lines = ct_calloc(n, sizeof *lines);
    for (size_t b = 1; lines && b < n; b++) {
        const char *at = step->bytes + (b - 1) * CT_STEP__LINE_BLOCK;
        lines[b] = lines[b - 1] + count_newlines(at, at + CT_STEP__LINE_BLOCK);
    }
    return lines;
}

size_t ct_step__line_at(ct_step *step, const char *at) {
    if (!step->lines) step->lines = count_blocks(step);
    const size_t block = (size_t)(at - step->bytes) / CT_STEP__LINE_BLOCK;
    const char *from = step->bytes + block * CT_STEP__LINE_BLOCK;
    // Without memory for the counts, from the beginning.
    if (!step->lines) return 1 + count_newlines(step->bytes, at);
    return 1 + step->lines[block] + count_newlines(from, at);
}

size_t ct_step__line(ct_step *step, uint32_t slot) {
    return ct_step__line_at(step, step->bytes + (step->entries[slot].place >> 16));
}

void ct_step__where(char *out, size_t bytes, ct_step *step, uint32_t slot) {
    snprintf(out, bytes, "%.120s:%zu: %s #%llu", step->file, ct_step__line(step, slot),
             ct_step__type_name(step, ct_step__type(step, slot)),
             (unsigned long long)ct_step__id(step, slot));
}
