/** Plays in which something is drawn or cut by chance, and what the server tells of them. */
export const BY_CHANCE: readonly string[] = ['red_packet', 'lottery']

export interface ChanceNumbers {
  packet: { shares: number; taken: number; total_minor: number; taken_minor: number; returned_minor: number | null } | null
  lottery: {
    drawn: number
    commitment: string
    seed: string | null
    prizes: { offer: string; odds_ppm: number; quantity: number | null; hit: number; won: number; expected: number }[]
    chi_square: number
    freedom: number
    bound: number
    agrees: boolean | null
  } | null
}
