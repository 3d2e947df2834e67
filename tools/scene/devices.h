// What the files about devices share.
#ifndef SCENE_DEVICES_H
#define SCENE_DEVICES_H

#include "town.h"

typedef struct sc_device_kind { // what all devices of a kind share; NAN = no threshold
    const char *kind, *id, *property, *unit, *model, *en, *zh;
    double yellow, red, low, interval_s, mount_m;
} sc_device_kind;

typedef enum sc_dev {
    SC_DEV_RIVER,
    SC_DEV_CANAL,
    SC_DEV_POND,
    SC_DEV_ROAD,
    SC_DEV_SEWER,
    SC_DEV_RAIN,
    SC_DEV_PUMP,
    SC_DEV_SMOKE,
    SC_DEV_DOOR,
    SC_DEV_HEAT,
    SC_DEV_EYE,
    SC_DEV_METER,
    SC_DEV_AIR,
    SC_DEV_LIFT,
    SC_DEV_BIKE,
    SC_DEV_LIGHT,
    SC_DEV_KINDS
} sc_dev;
extern const sc_device_kind SC_DEVICE_KINDS[SC_DEV_KINDS];

typedef struct sc_roll { // devices of one community while they are called up
    sc_town *town;
    int community, count;
} sc_roll;

// One more device of the community at `z_m` plus the kind's mounting height; building NULL =
// outdoors, else level counts. NULL, and nothing happens, once the community has all its devices.
ct_feature *sc_call_up(sc_roll *roll, sc_dev dev, sc_point at, double z_m,
                       const sc_building *building, int level);
// A place inside, behind entrance `door`: metres in, and to the side.
sc_point sc_indoors(const sc_building *building, int door, double in_m, double side_m);
bool sc_is_use(const sc_building *building, const char *use);

void sc_watch_buildings(sc_roll *roll); // doors, lifts, meters, sheds, substations
void sc_watch_smoke(sc_roll *roll);     // all that is left of the community's number
void sc_lay_cameras(sc_town *town);

#endif
