/** A person's tax code; the digits may be letters where two people would share one. */
const PERSON = /^[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/;
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Whether it is a tax code or VAT number whose check character is right. Capital letters, without IT. */
export function isTaxId(text: string): boolean {
  if (/^\d{11}$/.test(text)) return isVatNumber(text);
  return PERSON.test(text) && isPersonsCode(text);
}

function isVatNumber(digits: string): boolean {
  const sum = [...digits].reduce((total, digit, i) => {
    const doubled = Number(digit) * (i % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0 && !/^0+$/.test(digits);
}

function isPersonsCode(code: string): boolean {
  const place = (character: string) => (/\d/.test(character) ? Number(character) : character.charCodeAt(0) - 65);
  const sum = [...code.slice(0, 15)].reduce(
    (total, character, i) => total + (i % 2 === 0 ? (ODD[place(character)] ?? 0) : place(character)),
    0,
  );
  return String.fromCharCode(65 + (sum % 26)) === code[15];
}
