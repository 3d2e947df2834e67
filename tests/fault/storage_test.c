// Every allocation of opening a network of storages fails once.
#include "../unit/sim/storage/world.h"

#include "fault.h"

static ct_err open_once(void *context) {
    const world *w = context;
    ct_storage *storage = NULL;
    ct_err err = ct_storage_open(&storage, &w->params);
    if (err) assert_null(storage);
    ct_storage_close(storage);
    return err;
}

static void opening(void **state) {
    (void)state;
    world w;
    world_town(&w);
    assert_true(fault_every_allocation(open_once, &w) > 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
