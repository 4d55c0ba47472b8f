import { API } from '../../protocol';
import { NODE_API } from './node-endpoints';

/**
 * Every endpoint of the product. From this table come the routes, the validation of requests and replies, the check
 * of roles, 405 answers, the OpenAPI description and the README's table.
 */
export const ENDPOINTS = { ...API, ...NODE_API } as const;

export type EndpointName = keyof typeof ENDPOINTS;
