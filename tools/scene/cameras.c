// Cameras at crossings, gates and in halls.
#include <math.h>

#include "devices.h"

static void add_camera(sc_town *town, sc_point at, double heading, double range,
                       const sc_building *b, const char *en, const char *zh) {
    sc_world *w = town->world;
    size_t number = sc_world_layer(w, "camera")->count + 1;
    ct_feature *f = sc_add(w, "camera", "camera-%03zu", number);
    sc_number(w, f, "heading_deg", heading);
    sc_number(w, f, "fov_deg", b ? 100 : 70);
    sc_number(w, f, "range_m", range);
    if (b) sc_text(w, f, "building", "%s", b->id);
    sc_text(w, f, "name", "%s %03zu", en, number);
    sc_text(w, f, "name_zh", "%s%03zu", zh, number);
    sc_set_point(w, f, at, (b ? b->ground_floor_m + 2.6 : sc_ground_z(town->ground, at) + 5));
}

void sc_lay_cameras(sc_town *town) {
    const sc_plan *plan = town->plan;
    for (int i = 0; i < plan->n_columns; i++)
        for (int j = 0; j < plan->n_rows; j++) {
            sc_point at = sc_plan_node(plan, i, j);
            at.x += sc_plan_column(plan, i)->red_line_m / 2 - 1;
            at.y -= plan->params->rows[j].red_line_m / 2 - 1;
            add_camera(town, at, 315, 80, NULL, "Crossing camera", "路口监控");
        }
    for (size_t k = 0; k < town->n_gates; k++)
        add_camera(town, (sc_point){town->gates[k].at.x - 1.5, town->gates[k].at.y - 1.5},
                   town->gates[k].heading_deg, 30, NULL, "Gate camera", "出入口监控");
    for (size_t k = 0; k < town->n_buildings; k++) {
        const sc_building *b = &town->buildings[k];
        if (b->n_entrances && (b->height_m > 27 || sc_is_use(b, "garage")))
            add_camera(town, sc_indoors(b, 0, 2, -1.5),
                       fmod(450 - atan2(b->out_y, b->out_x) * 57.29577951308232, 360), 15, b,
                       "Lobby camera", "门厅监控");
    }
}
