// The fault loop: runs a piece of work again and again, failing its first, second, third ...
// allocation, until it gets through without meeting the failure.
#ifndef TESTS_FAULT_H
#define TESTS_FAULT_H

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "cimtwin/err.h"
#include "cmk.h"

// `work` must release all it made, give CT_NOMEM with a message when an allocation failed, CT_OK
// otherwise. Returns how many allocations were failed.
static inline long fault_every_allocation(ct_err (*work)(void *context), void *context) {
    for (long n = 1;; n++) {
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

#endif
