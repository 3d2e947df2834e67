// The property set by which an IFC file carries what only a twin knows of an object: the feature's
// id under CT_TWIN_SET_ID, and attributes under their catalogue names.
#ifndef CT_MODEL_TWIN_SET_H
#define CT_MODEL_TWIN_SET_H

#define CT_TWIN_SET    "CimTwin"
#define CT_TWIN_SET_ID "FeatureId"

#endif
