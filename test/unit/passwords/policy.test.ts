import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createPasswordPolicy, describeProblem } from '../../../src/passwords/policy.js';

const { dictionary } = createRequire(import.meta.url)(
  '@zxcvbn-ts/language-common',
) as typeof import('@zxcvbn-ts/language-common');
const listed = dictionary['passwords-common'];

const policy = createPasswordPolicy({
  minLength: 12,
  maxLength: 128,
  contextWords: ['Wolkenkratzer', 'abc'],
});
const about = { email: 'ada.lovelace@example.org', name: 'Augusta King' };
const examine = (password: string) => policy.examine(password, about);
const kinds = (password: string) => examine(password).map(({ kind }) => kind);

describe('length', () => {
  it('ASVS V6.2.1: 11 characters are too short, 12 are enough', () => {
    expect(examine('vxzkwhtmpqd')).toEqual([{ kind: 'too-short', minLength: 12 }]);
    expect(examine('vxzkwhtmpqdr')).toEqual([]);
    expect(kinds('')).toContain('too-short');
  });

  it.each([8, 15])('ASVS V6.2.1: a minimum of %i is kept to the character', (minLength) => {
    const strict = createPasswordPolicy({ minLength, maxLength: 128, contextWords: [] });
    const password = 'vxzkwhtmpqdrjfb';
    expect(strict.examine(password.slice(0, minLength - 1), about)).toEqual([
      { kind: 'too-short', minLength },
    ]);
    expect(strict.examine(password.slice(0, minLength), about)).toEqual([]);
  });

  it('ASVS V6.2.9: 64 and 128 characters are accepted, 129 are too long', () => {
    const text = 'vx zk wh tm pq dr jf '.repeat(7);
    expect(examine(text.slice(0, 64))).toEqual([]);
    expect(examine(text.slice(0, 128))).toEqual([]);
    expect(examine(text.slice(0, 129))).toEqual([{ kind: 'too-long', maxLength: 128 }]);
  });

  it('ASVS V6.2.9: 64 and 128 code points of four bytes are accepted, 129 are too long', () => {
    expect(examine('🐎🔋'.repeat(32))).toEqual([]);
    expect(examine('🐎🔋'.repeat(64))).toEqual([]);
    expect(examine(`${'🐎🔋'.repeat(64)}🐎`)).toEqual([{ kind: 'too-long', maxLength: 128 }]);
  });

  it('counts code points of the composed form: spelling a text decomposed changes nothing', () => {
    for (const character of ['é', '각', 'ᾂ']) {
      expect([...character.normalize('NFD')].length).toBeGreaterThan(1);
      expect(kinds(character.normalize('NFD').repeat(11))).toEqual(['too-short']);
      expect(kinds(character.normalize('NFD').repeat(12))).toEqual([]);
      expect(kinds(character.normalize('NFD').repeat(128))).toEqual([]);
      expect(kinds(character.normalize('NFD').repeat(129))).toEqual(['too-long']);
    }
  });

  it('ASVS V6.2.9: a megabyte is too long, and is never normalized', () => {
    const megabyte = 'e\u0301'.repeat(500_000);
    const normalize = vi.spyOn(String.prototype, 'normalize');
    try {
      expect(examine('e\u0301'.repeat(129))).toEqual([{ kind: 'too-long', maxLength: 128 }]);
      expect(normalize).toHaveBeenCalled();
      normalize.mockClear();
      expect(examine(megabyte)).toEqual([{ kind: 'too-long', maxLength: 128 }]);
      expect(normalize).not.toHaveBeenCalled();
    } finally {
      normalize.mockRestore();
    }
  });

  it('the cap before normalization refuses no text whose composed form fits, for any code point there is', () => {
    const one = createPasswordPolicy({ minLength: 1, maxLength: 1, contextWords: [] });
    const refused: string[] = [];
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 1) {
      const text = String.fromCodePoint(codePoint);
      const decomposed = text.normalize('NFD');
      if ([...decomposed.normalize('NFC')].length !== 1) continue;
      if (decomposed === text) continue;
      if (one.examine(decomposed, about).some(({ kind }) => kind === 'too-long'))
        refused.push(codePoint.toString(16));
    }
    expect(refused).toEqual([]);
  });
});

describe('ASVS V6.2.5: no rule of composition', () => {
  it.each([
    ['lower case only', 'vxzkwhtmpqdr'],
    ['upper case only', 'VXZKWHTMPQDR'],
    ['digits only', '840271936528'],
    ['punctuation only', '!?;:,.-_+*#/'],
    ['spaces only', ' '.repeat(12)],
    ['spaces at both ends', ' vxzkwhtmpqdr '],
    ['one letter repeated', 'a'.repeat(12)],
    ['one digit repeated', '1'.repeat(13)],
    ['emoji', '🐎🔋📎🐎🔋📎🐎🔋📎🐎🔋📎'],
    ['Chinese', '正确的马电池订书钉正确的马'],
    ['Japanese', 'うまでんちほっちきすただしい'],
    ['Arabic', 'حصان بطارية دباسة'],
    ['control characters and NUL', '\u0000\u0001\u0002\u0003vxzkwhtm'],
    ['a sentence', 'correct horse battery staple'],
  ])('%s is accepted', (_what, password) => {
    expect(examine(password)).toEqual([]);
  });

  it('no mixture of characters outside the blocklists is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 40, maxLength: 100 }), (text) => {
        const length = [...text.normalize('NFC')].length;
        fc.pre(length >= 12 && length <= 128);
        expect(examine(text)).toEqual([]);
      }),
    );
  });
});

describe('ASVS V6.2.4: common passwords', () => {
  it('none of the 3,000 most common that are long enough is accepted', () => {
    const legal = listed.slice(0, 3000).filter((password) => [...password].length >= 12);
    expect(legal.length).toBeGreaterThan(0);
    expect(legal.filter((password) => !kinds(password).includes('common'))).toEqual([]);
  });

  it('none of the 3,000 most common is accepted under a minimum of 8', () => {
    const eight = createPasswordPolicy({ minLength: 8, maxLength: 128, contextWords: [] });
    const legal = listed.slice(0, 3000).filter((password) => [...password].length >= 8);
    expect(legal.length).toBeGreaterThan(500);
    expect(legal.filter((password) => eight.examine(password, about).length === 0)).toEqual([]);
  });

  it('every entry of the list is common, of legal length or not', () => {
    expect(listed.length).toBeGreaterThan(49_000);
    expect(listed.filter((password) => [...password].length >= 12).length).toBeGreaterThan(300);
    expect(listed.filter((password) => !kinds(password).includes('common'))).toEqual([]);
  });

  it('every entry of legal length is common in capitals, too', () => {
    const legal = listed.filter((password) => [...password].length >= 12);
    expect(legal.filter((password) => !kinds(password.toUpperCase()).includes('common'))).toEqual([]);
  });

  it.each([
    ['a listed password twice', 'dragondragon'],
    ['a listed password twice in mixed case', 'DragonDRAGON'],
    ['a listed password three times', 'monkeymonkeymonkey'],
    ['a short word repeated', 'xqzxqzxqzxqz'],
    ['two letters repeated', 'xqxqxqxqxqxqxq'],
    ['two digits repeated', '121212121212'],
    ['a listed password and digits', 'Password1234'],
    ['a listed password, digits and punctuation', 'Password123!'],
    ['a listed password and a year', 'welcome2024!'],
    ['a listed password and spaces', 'password    '],
    ['a listed password and six characters', 'dragon!@#123'],
    ['a repetition with a tail', 'dragondragon!!'],
    ['a short word repeated with a tail', 'catcatcatcat7'],
  ])('%s is common', (_what, password) => {
    expect(examine(password)).toEqual([{ kind: 'common' }]);
  });

  it.each([
    ['a listed password and a longer tail', 'dragon!@#1234'],
    ['a listed password and letters', 'dragonvxzkwh'],
    ['two different listed passwords', 'dragonmonkey'],
    ['a listed password after others', 'vxzkwhdragon'],
    ['an unlisted word of five repeated', 'vxzkwvxzkwvxzkw'],
    ['one unlisted character repeated and a tail', 'aaaaaaaaaaaa1'],
    ['a short word repeated and cut', 'xqzxqzxqzxqzx'],
    ['an unlisted word and a tail', 'vxzkwhtmpqd1!'],
  ])('%s is not', (_what, password) => {
    expect(examine(password)).toEqual([]);
  });
});

describe('ASVS V6.2.11: context words', () => {
  const context = (word: string) => [{ kind: 'context', word }];

  it.each([
    ['the product name', 'my counterfoil key', 'counterfoil'],
    ['the product name in capitals', 'my COUNTERFOIL key', 'counterfoil'],
    ['a configured word', 'im wolkenkratzer oben', 'Wolkenkratzer'],
    ['a part of the local part', 'vx lovelace zkwh', 'lovelace'],
    ['a part of the name', 'vx zkwh AUGUSTA', 'Augusta'],
    ['a part of the name of four characters', 'xKINGx zkwh tm', 'King'],
  ])('%s is refused', (_what, password, word) => {
    expect(examine(password)).toEqual(context(word));
  });

  it('words shorter than four characters are not refused', () => {
    expect(examine('abc ada vxzkwhtm')).toEqual([]);
  });

  it('the whole local part is refused, each word named once', () => {
    expect(examine('xx ada.lovelace xx')).toEqual([...context('ada.lovelace'), ...context('lovelace')]);
    const twice = { email: 'augusta_Augusta@example.org', name: 'AUGUSTA' };
    expect(policy.examine('vx augusta zkwh', twice)).toEqual(context('augusta'));
  });

  it.each(['first.second', 'first_second', 'first+second', 'first-second'])('%s is split', (local) => {
    expect(policy.examine('vxz second kwh', { email: `${local}@example.org`, name: '' })).toEqual(
      context('second'),
    );
  });

  it('the domain of the address is no context word', () => {
    expect(policy.examine('vxz example kwh', about)).toEqual([]);
  });

  it('other alphabets count: composed or not, and with letters that grow when capitalized', () => {
    const jose = { email: 'x@example.org', name: "José-María O'Straße" };
    expect(policy.examine('vx zkwh jose\u0301 tm', jose)).toEqual(context('José'));
    expect(policy.examine('vx zkwh STRASSE tm', jose)).toEqual(context('Straße'));
    const greek = { email: 'x@example.org', name: 'Οδυσσέας' };
    expect(policy.examine('vx ΟΔΥΣΣΈΑΣ zkwh', greek)).toEqual(context('Οδυσσέας'));
  });

  it('an empty name and an address without a sign are no obstacle', () => {
    expect(policy.examine('vxzkwhtmpqdr', { email: '', name: '' })).toEqual([]);
    expect(policy.examine('vx nobody zkwh', { email: 'nobody', name: '' })).toEqual(context('nobody'));
  });
});

describe('several problems', () => {
  it('are all reported, in one order', () => {
    expect(examine('Augusta1')).toEqual([
      { kind: 'too-short', minLength: 12 },
      { kind: 'common' },
      { kind: 'context', word: 'Augusta' },
    ]);
  });
});

describe('the sentence for a problem', () => {
  it('is plain and never holds the password', () => {
    expect(describeProblem({ kind: 'too-short', minLength: 12 })).toBe(
      'The password must have at least 12 characters.',
    );
    expect(describeProblem({ kind: 'too-long', maxLength: 128 })).toBe(
      'The password must have at most 128 characters.',
    );
    expect(describeProblem({ kind: 'common' })).toBe(
      'The password is a common one, or a common one repeated or with a few characters added.',
    );
    expect(describeProblem({ kind: 'context', word: 'Augusta' })).toBe(
      'The password must not contain "Augusta".',
    );
  });
});
