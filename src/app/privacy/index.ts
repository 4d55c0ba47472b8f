import { Erasure, type ErasureDeps } from './erasure';
import { PersonalExport, type ExportDeps } from './export';

export type Privacy = ReturnType<typeof buildPrivacy>;

/** What people may ask of us about what we keep of them (G1). */
export const buildPrivacy = (deps: ErasureDeps & ExportDeps) => ({
  export: new PersonalExport(deps),
  erasure: new Erasure(deps),
});
