import type { Catalogue } from '../catalogue';
import { faults } from './faults';
import { landing } from './landing';
import { meeting } from './meeting';
import { settings } from './settings';

export const de: Catalogue = { ...landing, ...meeting, ...faults, ...settings };
