import { declare, type DeclaredTarget } from '../../../../src/private/sweep/declaration';
import type { States } from '../../../../src/private/sweep/machine/asl';
import { organizationSweep } from '../../../../src/private/sweep/machine/definition';
import { contact, EVERYONE } from '../../../contacts';

/* The definition in all its shapes. */

interface Shape {
  readonly enforce?: boolean;
  /** Whether an override names an organizational unit. */
  readonly hasUnits?: boolean;
  readonly partition?: 'aws' | 'aws-cn';
}

const LAB: DeclaredTarget = { target: '222222222222', contacts: { security: contact('lab') } };
const UNIT: DeclaredTarget = { target: 'ou-ab12-11111111', contacts: { operations: contact('shop') } };

export function definitionOf({ enforce = true, hasUnits = true, partition = 'aws' }: Shape = {}): States {
  return organizationSweep(declare(EVERYONE, hasUnits ? [LAB, UNIT] : [LAB]), { partition, enforce, quotaShare: 0.8 });
}

export const SHAPES: readonly Shape[] = ([{ partition: 'aws' }, { partition: 'aws-cn' }] as const).flatMap(partition =>
  [true, false].flatMap(enforce => [true, false].map(hasUnits => ({ ...partition, enforce, hasUnits }))));
