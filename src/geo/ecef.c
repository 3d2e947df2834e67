// Earth-centred coordinates and local frames.
#include "geo/ecef.h"

#include <math.h>

#include "geo/vector.h"

#define SEMI_MAJOR_M 6378137.0 // WGS 84 (EPSG:7030)
#define FLATTENING   (1 / 298.257223563)

void ct_ecef_of(double out[3], double lon_deg, double lat_deg, double height_m) {
    const double lon = lon_deg * M_PI / 180, lat = lat_deg * M_PI / 180;
    const double e2 = FLATTENING * (2 - FLATTENING);
    const double n = SEMI_MAJOR_M / sqrt(1 - e2 * sin(lat) * sin(lat)); // prime vertical
    out[0] = (n + height_m) * cos(lat) * cos(lon);
    out[1] = (n + height_m) * cos(lat) * sin(lon);
    out[2] = (n * (1 - e2) + height_m) * sin(lat);
}

void ct_enu_at(ct_enu *out, double lon_deg, double lat_deg, double height_m) {
    const double lon = lon_deg * M_PI / 180, lat = lat_deg * M_PI / 180;
    const double sin_lon = sin(lon), cos_lon = cos(lon), sin_lat = sin(lat), cos_lat = cos(lat);
    ct_ecef_of(out->origin, lon_deg, lat_deg, height_m);
    const double axes[3][3] = {{-sin_lon, cos_lon, 0},
                               {-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat},
                               {cos_lat * cos_lon, cos_lat * sin_lon, sin_lat}};
    for (int i = 0; i < 3; i++) {
        out->east[i] = axes[0][i];
        out->north[i] = axes[1][i];
        out->up[i] = axes[2][i];
    }
}

void ct_enu_from_ecef(double out[3], const ct_enu *f, const double ecef[3]) {
    const double d[3] = {ecef[0] - f->origin[0], ecef[1] - f->origin[1], ecef[2] - f->origin[2]};
    out[0] = ct_dot(f->east, d);
    out[1] = ct_dot(f->north, d);
    out[2] = ct_dot(f->up, d);
}

void ct_enu_to_ecef(double out[3], const ct_enu *f, const double local[3]) {
    const double e = local[0], n = local[1], u = local[2];
    for (int i = 0; i < 3; i++)
        out[i] = f->origin[i] + e * f->east[i] + n * f->north[i] + u * f->up[i];
}
