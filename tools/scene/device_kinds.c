// The kinds of devices: what they observe, when they alarm, how often they report, where they hang.
#include <math.h>

#include "devices.h"

#define NONE ((double)NAN) // no threshold, or one by place

// clang-format off
const sc_device_kind SC_DEVICE_KINDS[SC_DEV_KINDS] = {
    // kind, id, property, unit (UCUM), model, name, yellow, red, low, interval_s, mount_m
    [SC_DEV_RIVER] = {"water_level", "wl", "water_level_m", "m", "WL-200R", "Water level gauge", "水位计", NONE, NONE, NONE, 60, 6},
    [SC_DEV_CANAL] = {"water_level", "wl", "water_level_m", "m", "WL-200R", "Canal level gauge", "排水渠水位计", NONE, NONE, NONE, 60, 3},
    [SC_DEV_POND] = {"water_level", "wl", "water_level_m", "m", "WL-200R", "Pond level gauge", "公园湖水位计", NONE, NONE, NONE, 300, 2},
    [SC_DEV_ROAD] = {"water_level", "wl", "water_depth_m", "m", "WD-50", "Ponding gauge", "积水监测仪", 0.15, 0.27, NONE, 60, 0.1},
    [SC_DEV_SEWER] = {"water_level", "wl", "water_depth_m", "m", "WL-80S", "Manhole level sensor", "检查井液位计", 1.5, 2.2, NONE, 60, -1},
    [SC_DEV_RAIN] = {"rain_gauge", "rain", "rain_mm_h", "mm/h", "RG-15", "Rain gauge", "雨量计", 16, 50, NONE, 60, 1.5},
    [SC_DEV_PUMP] = {"pump_controller", "pump", "pump_current_a", "A", "PC-4", "Pump controller", "水泵控制器", 46, 60, NONE, 60, 1.2},
    [SC_DEV_SMOKE] = {"smoke_detector", "smoke", "smoke_pct_m", "%/m", "SD-2", "Smoke detector", "感烟探测器", 1.5, 3, NONE, 300, 2.6},
    [SC_DEV_DOOR] = {"door_sensor", "door", "door_open", "1", "DS-1", "Door sensor", "门磁", NONE, NONE, NONE, 600, 2},
    [SC_DEV_HEAT] = {"temperature", "temp", "temperature_cel", "Cel", "TH-3", "Temperature sensor", "温度传感器", 40, 60, -5, 300, 2},
    [SC_DEV_EYE] = {"camera_ai", "cam", "people_count", "1", "AI-8", "People counter", "智能视频客流", 150, 300, NONE, 60, 4},
    [SC_DEV_METER] = {"electricity_meter", "meter", "power_kw", "kW", "EM-3", "Electricity meter", "智能电表", 180, 240, NONE, 900, 1.6},
    [SC_DEV_AIR] = {"air_quality", "air", "pm25_ug_m3", "ug/m3", "AQ-5", "Air quality monitor", "空气质量监测仪", 75, 150, NONE, 300, 3},
    [SC_DEV_LIFT] = {"lift_monitor", "lift", "lift_speed_ms", "m/s", "LM-2", "Lift monitor", "电梯监测终端", 2.9, 3.2, NONE, 60, 2},
    [SC_DEV_BIKE] = {"bike_charger", "bike", "charging_current_a", "A", "BC-10", "Bicycle charger", "电动自行车充电桩", 38, 46, NONE, 60, 1.2},
    [SC_DEV_LIGHT] = {"light", "light", "power_w", "W", "SL-120", "Street light controller", "路灯控制器", 150, 180, NONE, 900, 9},
};
// clang-format on
