/** What a camera lets us set: its light, its zoom, its focus. Asked of this camera, never of the browser's list. */

export type Zoom = 1 | 2;

interface Abilities {
  torch?: boolean;
  zoom?: { min: number; max: number };
  focusMode?: string[];
}

/** Not every browser has getCapabilities, and these are in no standard list. */
export interface LensTrack {
  getCapabilities?: () => Abilities;
  applyConstraints(constraints: MediaTrackConstraints): Promise<void>;
}

type Setting = { torch?: boolean; zoom?: number; focusMode?: string; pointsOfInterest?: { x: number; y: number }[] };

export class Lens {
  readonly hasTorch: boolean;
  /** True where the person may say what to focus on. */
  readonly hasPoint: boolean;
  /** What the camera cannot enlarge, the picture is cut for: 2 is the middle half. */
  digital: Zoom = 1;
  private readonly can: Abilities;
  private readonly set = new Map<string, Setting>();

  constructor(
    private readonly track: LensTrack | undefined,
    pointing = navigator.mediaDevices?.getSupportedConstraints() as { pointsOfInterest?: boolean } | undefined,
  ) {
    this.can = track?.getCapabilities?.() ?? {};
    this.hasTorch = this.can.torch === true;
    this.hasPoint = pointing?.pointsOfInterest === true && this.modes.includes("single-shot");
  }

  private get modes(): string[] {
    return this.can.focusMode ?? [];
  }

  /** Focus that follows by itself, where the camera has it. */
  async follow(): Promise<void> {
    if (this.modes.includes("continuous")) await this.apply("focus", { focusMode: "continuous" });
  }

  /** False when the light could not be switched. */
  torch(on: boolean): Promise<boolean> {
    return this.apply("torch", { torch: on });
  }

  /** Twice as near: by the lens if it reaches that far, else by cutting the picture. */
  async zoom(times: Zoom): Promise<void> {
    const range = this.can.zoom;
    const wanted = times * Math.max(1, range?.min ?? 1);
    const reached = range !== undefined && range.max >= wanted && (await this.apply("zoom", { zoom: wanted }));
    this.digital = reached ? 1 : times;
  }

  /** Focus here: shares of the picture, from its upper left. */
  async point(x: number, y: number): Promise<void> {
    if (this.hasPoint) await this.apply("focus", { pointsOfInterest: [{ x, y }], focusMode: "single-shot" });
  }

  /** A new set of constraints takes the place of the old one, so all that was wished for is said again. */
  private async apply(name: string, setting: Setting): Promise<boolean> {
    const before = this.set.get(name);
    this.set.set(name, setting);
    try {
      await this.track?.applyConstraints({ advanced: [...this.set.values()] } as MediaTrackConstraints);
      return this.track !== undefined;
    } catch {
      if (before) this.set.set(name, before);
      else this.set.delete(name);
      return false;
    }
  }
}
