// Earth-centred coordinates against known places, and frames there and back.
#include <math.h>

#include "cmk.h"
#include "geo/ecef.h"

static void known_places(void **state) {
    (void)state;
    double p[3];
    ct_ecef_of(p, 0, 0, 0);
    assert_near(p[0], 6378137, 1e-9);
    assert_near(p[1], 0, 1e-9);
    assert_near(p[2], 0, 1e-9);
    ct_ecef_of(p, 12, 90, 100); // the pole: half the minor axis
    assert_near(p[2], 6356752.314245179 + 100, 1e-6);
    assert_near(hypot(p[0], p[1]), 0, 1e-6);
    // EPSG Guidance Note 7-2, section 4.1.1: WGS 84, 53 48 33.82 N, 2 07 46.38 E, 73.0 m
    ct_ecef_of(p, 2 + 7 / 60.0 + 46.38 / 3600, 53 + 48 / 60.0 + 33.82 / 3600, 73);
    assert_near(p[0], 3771793.968, 1e-3);
    assert_near(p[1], 140253.342, 1e-3);
    assert_near(p[2], 5124304.349, 1e-3);
}

static void frames(void **state) {
    (void)state;
    ct_enu f;
    ct_enu_at(&f, 114.04, 30.55, 20);
    double p[3], back[3];
    ct_ecef_of(p, 114.04, 30.55, 45); // 25 m above the frame
    ct_enu_from_ecef(p, &f, p);
    assert_near(p[0], 0, 1e-8);
    assert_near(p[1], 0, 1e-8);
    assert_near(p[2], 25, 1e-8);
    ct_ecef_of(p, 114.041, 30.55, 20); // to the east, and a little down for the earth's curve
    ct_enu_from_ecef(p, &f, p);
    assert_true(p[0] > 95 && p[0] < 97 && fabs(p[1]) < 0.01 && p[2] < 0 && p[2] > -0.01);
    ct_enu_to_ecef(back, &f, p);
    ct_enu_from_ecef(back, &f, back);
    for (int i = 0; i < 3; i++) assert_near(back[i], p[i], 1e-7);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_places), cmocka_unit_test(frames)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
