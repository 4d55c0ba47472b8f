/** Something a command cannot do; its message is for a person, and says what they can do. */
export class MaintenanceFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MaintenanceFailure';
  }
}
