import { Erasure, type ErasureDeps } from './erasure';
import { PersonalExport, type ExportDeps } from './export';

export type Privacy = ReturnType<typeof buildPrivacy>;

/** Export and erasure of what is kept about a user (G1). */
export const buildPrivacy = (deps: ErasureDeps & ExportDeps) => ({
  export: new PersonalExport(deps),
  erasure: new Erasure(deps),
});
