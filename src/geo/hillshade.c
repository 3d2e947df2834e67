// Hill shading: Lambert's law on Horn's third-order slopes (Horn 1981, Proceedings of the IEEE
// 69(1):14-47, "Hill shading and the reflectance map").
#include <cglm/cglm.h>
#include <math.h>

#include "geo/grid.h"

// Height at a neighbour; beyond the rim and where there is no data, the middle's own, which
// flattens and never invents.
static float height_near(const ct_grid *ground, uint32_t row, uint32_t column, int down, int right,
                         float middle) {
    const int64_t r = (int64_t)row + down, c = (int64_t)column + right;
    if (r < 0 || c < 0 || r >= ground->ny || c >= ground->nx) return middle;
    const float v = ground->v[(size_t)r * ground->nx + (size_t)c];
    return isnan(v) ? middle : v;
}

// Upward unit normal of the exaggerated ground, in east, north, up.
static void normal_at(vec3 out, const ct_grid *ground, uint32_t row, uint32_t column,
                      float exaggeration) {
    const float e = ground->v[(size_t)row * ground->nx + column];
    float h[3][3];
    for (int down = -1; down <= 1; down++)
        for (int right = -1; right <= 1; right++)
            h[down + 1][right + 1] = height_near(ground, row, column, down, right, e);
    const float run = 8 * (float)ground->cell_m;
    const float east =
        ((h[0][2] + 2 * h[1][2] + h[2][2]) - (h[0][0] + 2 * h[1][0] + h[2][0])) / run;
    const float north =
        ((h[0][0] + 2 * h[0][1] + h[0][2]) - (h[2][0] + 2 * h[2][1] + h[2][2])) / run;
    out[0] = -east * exaggeration;
    out[1] = -north * exaggeration;
    out[2] = 1;
    glm_vec3_normalize(out);
}

void ct_grid_hillshade(uint8_t *out, const ct_grid *ground, double azimuth_deg, double altitude_deg,
                       double exaggeration) {
    const float azimuth = glm_rad((float)azimuth_deg), altitude = glm_rad((float)altitude_deg);
    vec3 light = {sinf(azimuth) * cosf(altitude), cosf(azimuth) * cosf(altitude), sinf(altitude)};
    for (uint32_t row = 0; row < ground->ny; row++)
        for (uint32_t column = 0; column < ground->nx; column++) {
            const size_t i = (size_t)row * ground->nx + column;
            if (isnan(ground->v[i])) {
                out[i] = 0;
                continue;
            }
            vec3 normal;
            normal_at(normal, ground, row, column, (float)exaggeration);
            out[i] = (uint8_t)lrintf(255 * glm_clamp_zo(glm_vec3_dot(normal, light)));
        }
}
