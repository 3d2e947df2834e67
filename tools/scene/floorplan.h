// A storey's plan from its rooms: what lies between two rooms becomes a wall, what is left of a
// room becomes a space. Rooms are unions of upright rectangles that tile the storey's outline:
// their edges are the middle lines of inner walls and the outer faces of outer ones. Local metres
// in, whole millimetres inside and out.
#ifndef SCENE_FLOORPLAN_H
#define SCENE_FLOORPLAN_H

#include "params.h"

enum { FP_MAX_ROOMS = 112, FP_MAX_RECTS = 8, FP_MAX_OPENINGS = 256, FP_MAX_WALLS = 400 };
enum { FP_MAX_SIDES = 96, FP_KEY = 24, FP_OUTSIDE = -1 };

typedef enum fp_kind { // of a room
    FP_UNIT,           // of a dwelling or a group of rooms
    FP_COMMON,         // ways and rooms for all
    FP_CORE,           // stairs, fire lobbies, lifts, shafts: between walls of concrete
    FP_BALCONY,        // covered, behind a railing
    FP_TERRACE         // a roof to walk on, behind a parapet
} fp_kind;

typedef enum fp_wall_kind { // in the order in which one cuts the other
    FP_WALL_EXTERIOR,
    FP_WALL_CORE,
    FP_WALL_PARTY,
    FP_WALL_BALCONY, // between a room and its balcony
    FP_WALL_PARTITION,
    FP_PARAPET,
    FP_RAILING,
    FP_WALL_KINDS
} fp_wall_kind;

typedef struct fp_rect {
    double x0, y0, x1, y1;
} fp_rect;

typedef struct fp_box { // mm
    int x0, y0, x1, y1;
} fp_box;

typedef struct fp_side { // of a space, counter-clockwise; `wall` -1: none
    int x0, y0, x1, y1, wall;
} fp_side;

typedef struct fp_room {
    char key[FP_KEY]; // "B.kitchen": unit or group, then the room
    const char *use;  // a code of the catalogue's class space
    sc_label name;
    fp_kind kind;
    int unit; // 0: none
    int n;
    fp_rect rects[FP_MAX_RECTS];
    // made by fp_compile
    int n_sides;
    fp_side sides[FP_MAX_SIDES];
    fp_box box;
    double area_m2, perimeter_m;
} fp_room;

typedef struct fp_wall { // or railing
    fp_wall_kind kind;
    bool upright; // runs along y
    fp_box box;
} fp_wall;

typedef struct fp_opening {
    char a[FP_KEY], b[FP_KEY]; // rooms; `b` empty: outside
    char side;                 // N, E, S or W of room a where b is outside; else 0
    int type;                  // of the caller
    double width_m;
    double at;     // where along its wall, metres; NaN: in the middle
    bool mirrored; // `at` along x is of the image
    // made by fp_compile
    int room[2], wall;
    int x, y; // middle, on the wall's middle line
} fp_opening;

typedef struct fp_plan {
    int n_rooms, n_openings, n_walls;
    fp_room rooms[FP_MAX_ROOMS];
    fp_opening openings[FP_MAX_OPENINGS];
    fp_wall walls[FP_MAX_WALLS];
} fp_plan;

double fp_thickness_m(fp_wall_kind kind);

// Adds a room; too many end in an error of fp_compile.
void fp_add_room(fp_plan *plan, const fp_room *room);
void fp_add_door(fp_plan *plan, const char *a, const char *b, int type, double width_m, double at);
// In the outer wall of the room that looks to `side`.
void fp_add_outer(fp_plan *plan, const char *room, char side, int type, double width_m, double at);
// Adds the mirror image at x = 0 of all rooms whose key begins with a letter of `from`, with their
// openings; their keys then begin with the letter of `to` in its place, their units go on.
void fp_mirror(fp_plan *plan, const char *from, const char *to, int units);
int fp_room_index(const fp_plan *plan, const char *key); // -1: none

// Makes walls, sides of spaces and places of openings. CT_INTERNAL names what does not fit.
CT_CHECKED ct_err fp_compile(fp_plan *plan);

#endif
