// Earth-centred coordinates of WGS 84 and local frames on the ellipsoid (EPSG method 9602).
//
// Longitudes and latitudes are those of CRS84; heights are metres above the ellipsoid. The twin's
// heights are taken as such: no geoid is known here, and none is applied elsewhere.
#ifndef CT_GEO_ECEF_H
#define CT_GEO_ECEF_H

// Metres from the earth's centre: x towards longitude 0 on the equator, z towards the north pole.
void ct_ecef_of(double out[3], double lon_deg, double lat_deg, double height_m);

// A frame at a place of the ellipsoid: east, north and up from there, metres.
typedef struct ct_enu {
    double origin[3];                // earth-centred
    double east[3], north[3], up[3]; // of length 1
} ct_enu;

void ct_enu_at(ct_enu *out, double lon_deg, double lat_deg, double height_m);
void ct_enu_from_ecef(double out[3], const ct_enu *frame, const double ecef[3]); // out may be ecef
void ct_enu_to_ecef(double out[3], const ct_enu *frame, const double local[3]);  // out may be local

#endif
