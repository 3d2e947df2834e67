// What panels may ask of the map, without knowing it.
export interface MapBridge {
  flyTo(lngLat: [number, number], zoom?: number): void;
  centre(): [number, number];
  placeOf(device: string): Promise<[number, number] | null>;
  resize(): void;
}

const nowhere: MapBridge = {
  flyTo: () => undefined,
  centre: () => [0, 0],
  placeOf: () => Promise.resolve(null),
  resize: () => undefined,
};

export const bridge: { map: MapBridge } = { map: nowhere };
