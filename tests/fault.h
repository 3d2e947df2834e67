// The fault loop: runs a piece of work again and again, failing its first, second, third ...
// allocation, until it gets through without meeting the failure. CIMTWIN_FAULT_STEP=n fails each
// n-th only, where a slow build need not see what a fast one sees too.
#ifndef TESTS_FAULT_H
#define TESTS_FAULT_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cimtwin/err.h"
#include "cmk.h"

static inline long fault_step(void) {
    const char *text = getenv("CIMTWIN_FAULT_STEP");
    const long step = text ? strtol(text, NULL, 10) : 1;
    if (step < 1) fail_msg("CIMTWIN_FAULT_STEP=%s: must be a number from 1", text);
    return step;
}

// Each `step`-th allocation. `work` must release all it made, give CT_NOMEM with a message when an
// allocation failed, CT_OK otherwise. Returns the last allocation that was looked at.
static inline long fault_each(ct_err (*work)(void *context), void *context, long step) {
    for (long n = 1;; n += step) {
        long live = ct_mem_live();
        ct_mem_fail_at(n, false);
        ct_err err = work(context);
        bool met = ct_mem_failed();
        ct_mem_fail_at(0, false);
        if (ct_mem_live() != live)
            fail_msg("allocation %ld failed: %ld blocks leaked", n, ct_mem_live() - live);
        if (!met) {
            if (err != CT_OK) fail_msg("no allocation failed: %s", ct_err_message());
            return n - 1;
        }
        if (err != CT_NOMEM) fail_msg("allocation %ld failed: got %s", n, ct_err_name(err));
        assert_int_not_equal(strlen(ct_err_message()), 0);
    }
}

static inline long fault_every_allocation(ct_err (*work)(void *context), void *context) {
    return fault_each(work, context, fault_step());
}

#endif
