import type { Command } from './commands/command';
import { growth } from './commands/growth';
import { inference } from './commands/inference';
import { operations } from './commands/operations';
import { products } from './commands/products';
import { profile } from './commands/profile';
import { steps } from './commands/steps';

/** The measuring commands, by name. */
export const COMMANDS: Readonly<Record<string, Command>> = { steps, operations, products, profile, growth, inference };
