/** A command cannot go on. The message is for the operator and says what to do. */
export class MaintenanceFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MaintenanceFailure';
  }
}
